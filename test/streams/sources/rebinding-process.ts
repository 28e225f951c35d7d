/** Plays a source twice and says how each attempt went. Arguments: the source, the network it may be dialled in. */
import { argv, exit, stdout } from 'node:process';
import { camera, play, startSources } from './playing.ts';

const [, , source = '', allowed = ''] = argv;
const { sources } = startSources([], { allow: [allowed] });
for (const attempt of [1, 2]) {
  const played = play(sources, camera(source));
  const failure = await played.ended;
  stdout.write(`attempt ${attempt}: ${played.pictures.length} pictures, ${failure?.failure} ${failure?.message}\n`);
}
await sources.close();
exit();
