import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { checkValue } from '../../src/shared/check-value.ts';
import { formatIssue } from '../../src/shared/config-error.ts';
import { YamlSource } from '../../src/shared/yaml-source.ts';

const Camera = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$', description: 'a slug of a-z, 0-9 and -' }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    port: Type.Integer({ default: 554 }),
    mode: Type.Optional(Type.Enum(['tcp', 'udp'])),
    password: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const File = Type.Object({ cameras: Type.Array(Camera) }, { additionalProperties: false });

function read(text: string, environment = {}): { issues: string[]; value?: unknown } {
  const source = new YamlSource('cameras.yaml', text, environment);
  if (source.issues.length > 0) return { issues: source.issues.map(formatIssue) };
  const checked = checkValue(File, source.value);
  if (checked.ok) return { issues: [], value: checked.value };
  return { issues: checked.issues.map((issue) => formatIssue(source.locate(issue))) };
}

test('defaults are filled in and ${NAME} comes from the environment, as the type that is due', () => {
  const text = 'cameras:\n  - { id: one, lat: 27.3, port: "${PORT}", password: "${SECRET}" }\n';
  const { value } = read(text, { PORT: '8554', SECRET: '12345' });
  expect(value).toEqual({ cameras: [{ id: 'one', lat: 27.3, port: 8554, password: '12345' }] });
});

test('every mistake is named at once with line, column, path and expectation', () => {
  const text = ['cameras:', '  - id: Bad Id', '    lat: 91', '    mode: quic', '    colour: red', '  - lat: 1', ''];
  expect(read(text.join('\n')).issues.toSorted()).toEqual([
    'cameras.yaml:2:9 cameras[0].id expected a slug of a-z, 0-9 and -',
    'cameras.yaml:3:10 cameras[0].lat expected a number from -90 to 90',
    'cameras.yaml:4:11 cameras[0].mode expected one of: tcp, udp',
    'cameras.yaml:5:5 cameras[0].colour unknown key; expected one of: id, lat, port, mode, password',
    'cameras.yaml:6:5 cameras[1].id missing; expected a slug of a-z, 0-9 and -',
  ]);
});

test('twenty mistakes are twenty lines', () => {
  const text = `cameras:\n${'  - { id: a, lat: 99 }\n'.repeat(20)}`;
  expect(read(text).issues).toHaveLength(20);
});

test('a variable that is not set is named, with its place', () => {
  const { issues } = read('cameras:\n  - { id: one, lat: 1, password: "${NOWHERE}" }\n');
  expect(issues).toEqual(['cameras.yaml:2:34 the environment variable NOWHERE is not set']);
});

test('broken YAML is named by line and shows nothing of the file', () => {
  const { issues } = read('cameras:\n  - { id: one, password: "hunter2\n');
  expect(issues.length).toBeGreaterThan(0);
  expect(issues.join()).toMatch(/^cameras\.yaml:\d+:\d+ /);
  expect(issues.join()).not.toContain('hunter2');
});
