import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from '../../lambda/voice/providers/sse.ts';

function parse(text: string, cuts: number[] = []): string[] {
  const parser = createEventParser();
  const bytes = new TextEncoder().encode(text);
  const ends = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces = [...ends, bytes.length].map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
  return [...pieces.flatMap(piece => parser.push(piece)), ...parser.flush()];
}

const cases: [what: string, text: string, data: string[]][] = [
  ['events', 'data: one\n\ndata: two\n\n', ['one', 'two']],
  ['lines that end in CR LF', 'data: one\r\n\r\ndata: two\r\n\r\n', ['one', 'two']],
  ['lines that end in CR', 'data: one\r\rdata: two\r\r', ['one', 'two']],
  ['data without a space', 'data:{"a":1}\n\n', ['{"a":1}']],
  ['data of several lines', 'data: one\ndata:\ndata: two\n\n', ['one\n\ntwo']],
  ['comments and other fields', ': hello\n\nid: 7\nevent: message\nretry: 3\ndata: one\n\n', ['one']],
  ['a last event without its empty line', 'data: one\n\ndata: two', ['one', 'two']],
  ['empty lines', '\n\n\n\ndata: one\n\n\n\n', ['one']],
  ['data with colons and umlauts', 'data: ä: €: 😀\n\n', ['ä: €: 😀']],
  ['nothing', '', []],
];

test.each(cases)('%s', (_, text, data) => {
  expect(parse(text)).toEqual(data);
});

test('however the bytes are cut', () => {
  const everything = cases.map(([, text]) => text).filter(text => /\s$/.test(text));
  const data = cases.filter(([, text]) => /\s$/.test(text)).flatMap(one => one[2]);
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { maxLength: 60 }), cuts => {
      expect(parse(everything.join(''), cuts)).toEqual(data);
    }),
  );
});
