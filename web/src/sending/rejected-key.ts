import type { Candidate } from '../api/incident-shapes.ts';
import type { MessageKey } from '../words/zh-cn.ts';
import { zhCn } from '../words/zh-cn.ts';

const known = zhCn.send.rejected;

/** The word for why it cannot go; a cause of a newer server is a refusal like others. */
export function rejectedKey({ rejected }: Candidate): MessageKey {
  return isKnown(rejected) ? `send.rejected.${rejected}` : 'send.cannot';
}

function isKnown(cause: string | undefined): cause is keyof typeof known {
  return cause !== undefined && cause in known;
}
