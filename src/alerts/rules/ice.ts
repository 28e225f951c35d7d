import { type Static, Type } from 'typebox';
import { Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** Degrees Celsius and per cent: raised when it is that cold and that damp, cleared when warmer than `clear` or drier. */
export const IceRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('ice'),
    raise: Type.Object(
      { temperature: Type.Number(), humidity: Type.Number({ minimum: 0, maximum: 100 }) },
      { additionalProperties: false },
    ),
    clear: Type.Object(
      { temperature: Type.Number(), humidity: Type.Number({ minimum: 0, maximum: 100 }) },
      { additionalProperties: false },
    ),
    severity: Severity,
  },
  { additionalProperties: false },
);
export type IceRule = Static<typeof IceRule>;

export const iceRule: IceRule = {
  id: 'ice',
  kind: 'ice',
  enabled: true,
  hold: 60,
  for: 0,
  raise: { temperature: 0.5, humidity: 90 },
  clear: { temperature: 1.5, humidity: 80 },
  severity: 'major',
};

/** On ice nobody may drive faster: Road Traffic Safety Law, Implementing Regulations, art. 46 (4). */
const legal = {
  text: '冰雪路面最高 30 km/h，巡查并撒布融雪剂',
  limit: 30,
  unit: 'km/h',
  source: '道路交通安全法实施条例 第46条',
};

/** Undefined unless the reading has both temperature and humidity. */
export function judgeIce(rule: IceRule, values: Values, source: string): Judgement | undefined {
  const temperature = measured(values, 'temperature');
  const humidity = measured(values, 'humidity');
  if (temperature === undefined || humidity === undefined) return undefined;
  const icy = temperature <= rule.raise.temperature && humidity >= rule.raise.humidity;
  const clear = temperature > rule.clear.temperature || humidity < rule.clear.humidity;
  const [degrees, damp] = [temperature.toFixed(1), Math.round(humidity)];
  return {
    verdict: icy ? rule.severity : clear ? 'clear' : 'between',
    title: `可能结冰 ${degrees} °C`,
    reasons: [
      {
        text: `气温 ${degrees} °C，门限 ${rule.raise.temperature} °C`,
        value: temperature,
        limit: rule.raise.temperature,
        unit: '°C',
        source,
      },
      {
        text: `湿度 ${damp} %，门限 ${rule.raise.humidity} %`,
        value: humidity,
        limit: rule.raise.humidity,
        unit: '%',
        source,
      },
      ...(icy ? [legal] : []),
    ],
  };
}
