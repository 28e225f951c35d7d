import { expect, test } from 'vitest';
import { isEmptyPlan, planCameras, playsOtherwise } from '../../../src/streams/cameras/camera-plan.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';

const one = { id: 'one', source: 'rtsp://10.0.0.1/', username: 'u', password: 'canary-secret' };
const two = { id: 'two', source: 'rtsp://10.0.0.2/' };
const detect = { every: 1, objects: ['person'] };
const plan = (before: object[], after: object[]) =>
  planCameras(resolveCameras({ cameras: before as never }), resolveCameras({ cameras: after as never }));

test('a plan names what comes, what goes and which fields change, never their values', () => {
  const made = plan(
    [{ ...one, detect }, two],
    [
      { ...one, password: 'other-canary', detect: { ...detect, every: 2 } },
      { id: 'new', source: 'rtsp://10.0.0.3/' },
    ],
  );
  expect(made).toEqual({
    added: ['new'],
    removed: ['two'],
    changed: [{ id: 'one', fields: ['detect.every', 'password'] }],
  });
  expect(JSON.stringify(made)).not.toContain('canary');
});

test('a field that comes or goes is a change by its name', () => {
  expect(plan([two], [{ ...two, detect }]).changed).toEqual([{ id: 'two', fields: ['detect'] }]);
  expect(plan([{ ...two, area: 'a' }], [two]).changed).toEqual([{ id: 'two', fields: ['area'] }]);
});

test('the same cameras in another order are no change', () => {
  expect(isEmptyPlan(plan([one, two], [two, one]))).toBe(true);
  expect(isEmptyPlan(plan([one, two], [one]))).toBe(false);
});

test('only what a camera is reached by makes it be dialled anew', () => {
  const [before, renamed, moved] = resolveCameras({
    cameras: [two, { ...two, name: 'Two', area: 'b', tags: ['x'] }, { ...two, source: 'rtsp://10.0.0.9/' }],
  });
  if (!before || !renamed || !moved) throw new Error('three cameras');
  expect([playsOtherwise(before, renamed), playsOtherwise(before, moved)]).toEqual([false, true]);
});
