import { ref } from 'vue';
import type { Alert } from '../api/shapes.ts';
import { type Heard, nextTone, type Tone, takenOf } from './next-tone.ts';

/** Hertz, start and length in seconds, loudness 0 to 1. */
type Note = readonly [frequency: number, start: number, length: number, gain: number];

const notes: Record<Tone | 'test', readonly Note[]> = {
  sos: [
    [660, 0, 0.2, 0.3],
    [880, 0.22, 0.2, 0.3],
    [1100, 0.44, 0.25, 0.3],
  ],
  critical: [
    [880, 0, 0.25, 0.3],
    [660, 0.25, 0.25, 0.3],
  ],
  major: [[660, 0, 0.3, 0.2]],
  minor: [[1200, 0, 0.05, 0.08]],
  test: [[660, 0, 0.12, 0.12]],
};
const quietMs = 60_000;

export type Alarm = ReturnType<typeof createAlarm>;

/** Sounds alerts, one at a time. Silent until a press of the seat has unlocked the browser's audio. */
export function createAlarm() {
  let audio: AudioContext | undefined;
  let busyUntil = 0;
  const heard = new Map<string, Heard>();
  const quietUntil = ref(0);

  const play = (tone: Tone | 'test') => {
    if (audio?.state !== 'running') return;
    for (const [frequency, start, length, gain] of notes[tone]) {
      const oscillator = new OscillatorNode(audio, { frequency });
      const volume = new GainNode(audio, { gain });
      oscillator.connect(volume).connect(audio.destination);
      oscillator.start(audio.currentTime + start);
      oscillator.stop(audio.currentTime + start + length);
    }
  };

  return {
    quietUntil,
    /** From the press that begins a shift; what is heard then is the proof that alarms will be. */
    unlock: () => {
      audio ??= new AudioContext();
      void audio.resume().then(() => play('test'));
    },
    quiet: () => {
      quietUntil.value = Date.now() + quietMs;
    },
    /** Called with the open alerts whenever time or they have moved on. */
    listen: (alerts: readonly Alert[]) => {
      const now = Date.now();
      for (const id of takenOf(alerts)) heard.delete(id);
      if (now < busyUntil) return;
      const next = nextTone(alerts, heard, { now, quiet: now < quietUntil.value });
      if (!next) return;
      heard.set(next.alert.id, { at: now, times: (heard.get(next.alert.id)?.times ?? 0) + 1 });
      busyUntil = now + 1_000;
      play(next.tone);
    },
  };
}
