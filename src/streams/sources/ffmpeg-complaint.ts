import { type Cause, StreamFailure } from '../stream-failure.ts';

const table: readonly (readonly [RegExp, Cause, string])[] = [
  [/no such file or directory/i, 'not_found', 'There is no such file or stream; check the path.'],
  [/permission denied/i, 'refused', 'The file may not be read by this account.'],
  [/matches no streams/i, 'codec', 'There is no video in it.'],
  [/401|unauthori[sz]ed|authmod|badauth|bad secret/i, 'unauthorized', 'The source refuses the login.'],
  [/404|not found|badname|streamnotfound/i, 'not_found', 'The source has no such stream.'],
  [/connection refused/i, 'refused', 'The source refuses connections on its port.'],
  [/no route to host|network is unreachable/i, 'timeout', 'There is no way to the source from here.'],
  [/timed out|timeout/i, 'timeout', 'The source does not answer in time.'],
  [/cannot allocate memory/i, 'protocol', 'The source makes ffmpeg take more memory than it may.'],
  [/protocol not found|not on whitelist/i, 'protocol', 'The source leads to what may not be opened.'],
  [
    /invalid data|moov atom not found|end of file/i,
    'protocol',
    'What the source sends is no video that ffmpeg can read.',
  ],
];

/** Why ffmpeg gave up, in our words: its own may repeat a URL. */
export function complaintFailure(complaint: string, hadPictures: boolean): StreamFailure {
  const codec = /video codec (\w{1,20}) not compatible/i.exec(complaint)?.[1];
  if (codec) return new StreamFailure('codec', `The codec is not supported: ${codec}; use H.264 or H.265.`);
  const known = table.find(([pattern]) => pattern.test(complaint));
  if (known) return new StreamFailure(known[1], known[2]);
  return hadPictures
    ? new StreamFailure('lost', 'The source ended.')
    : new StreamFailure('protocol', 'The source could not be read; ffmpeg gave it up.');
}
