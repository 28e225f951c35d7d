import type { PlayersPage, Reading } from '../../bench/latency/page-contract.ts';
import { playFlv } from '../src/player/flv-session.ts';
import { playWhep } from '../src/player/whep-session.ts';
import { readNumber } from './read-number.ts';

const now = () => performance.timeOrigin + performance.now();

function createPage(): PlayersPage {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, playsInline: true, width: 640, height: 360 });
  document.body.append(video);
  const canvas = new OffscreenCanvas(160, 90);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let readings: Reading[] = [];
  let ended: string | undefined;
  let askedAt = 0;
  let firstMs: number | undefined;
  let stop = () => {};

  const look = () => {
    const at = now();
    firstMs ??= at - askedAt;
    context?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
    const number = pixels && readNumber(pixels);
    if (number !== undefined) readings.push({ number, at });
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);

  const end = () => {
    const ending = stop;
    stop = () => {};
    ending();
  };

  return {
    play: async (over, url, options = {}) => {
      end();
      [readings, ended, firstMs, askedAt] = [[], undefined, undefined, now()];
      const onEnd = (cause: string) => {
        ended = cause;
      };
      const player = over === 'whep' ? playWhep(video, url, { onEnd }) : playFlv(video, url, { onEnd, ...options });
      stop = await player;
    },
    played: () => ({
      readings,
      firstMs,
      ended,
      width: video.videoWidth,
      time: video.currentTime,
      audioBytes: Number(Reflect.get(video, 'webkitAudioDecodedByteCount') ?? 0),
    }),
    stop: end,
  };
}

Object.assign(globalThis, { players: createPage() });
