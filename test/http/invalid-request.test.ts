import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { requestValidator } from '../../src/http/invalid-request.ts';

const Query = Type.Object({
  state: Type.Optional(Type.Array(Type.Enum(['raised', 'acknowledged']))),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const Body = Type.Object({ lat: Type.Number({ maximum: 90 }), name: Type.String() }, { additionalProperties: false });

function problems(answer: ReturnType<ReturnType<typeof requestValidator>>) {
  return 'error' in answer ? answer.error.errors : answer.value;
}

test('a query is text: numbers are read, one value of a list is a list, defaults are filled', () => {
  expect(problems(requestValidator(Query, 'querystring')({ state: 'raised', limit: '7' }))).toEqual({
    state: ['raised'],
    limit: 7,
  });
  expect(problems(requestValidator(Query, 'querystring')({}))).toEqual({ limit: 100 });
});

test('every problem is named by field with what was expected, never with what was sent', () => {
  const answer = requestValidator(Body, 'body')({ lat: 91, secret: 'canary' });
  const named = problems(answer) as { field: string }[];
  expect(named.map(({ field }) => field).sort()).toEqual(['body.lat', 'body.name', 'body.secret']);
  expect(JSON.stringify(named)).not.toContain('canary');
});

test('a body is JSON: a number as text is not a number', () => {
  expect(problems(requestValidator(Body, 'body')({ lat: '27.3', name: 'x' }))).toEqual([
    { field: 'body', expected: 'JSON of the right types, not text in their place' },
  ]);
});
