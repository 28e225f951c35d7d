import type { PlanStep } from './config.ts';

/** What a step wants, as a seat reads it. */
export function stepText(step: PlanStep): string {
  switch (step.do) {
    case 'cameras':
      return `调看最近 ${step.nearest} 路摄像机`;
    case 'ptz':
      return `摄像机 ${step.camera} 转到预置位 ${step.preset}`;
    case 'notify':
      return `通知 ${[...(step.departments ?? []), ...(step.channels ?? [])].join('、')}：${step.text}`;
    case 'sign':
      return `情报板${step.place === undefined ? '' : `（${step.place}）`}建议：${step.text}`;
    case 'units':
      return `需 ${step.count} 个单位${step.skills ? `，具备 ${step.skills.join('、')}` : ''}`;
    case 'gate':
      return `${step.action === 'close' ? '关闭' : '开启'} ${step.gate}`;
    case 'timer':
    case 'manual':
      return step.text;
  }
}

/** Whether the house does it by itself. */
export const isAutomatic = ({ do: what }: PlanStep) => what === 'cameras' || what === 'ptz' || what === 'notify';
