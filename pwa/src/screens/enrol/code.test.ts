import { expect, test } from 'vitest';
import { codeIn, codeInAddress } from './code';

const CODE = 'aB3_-xyzABCDEFGHIJKLMN';

test('the code comes out of the address, also a pasted one, and out of plain typing', () => {
  expect(codeInAddress(`#enrol=${CODE}`)).toBe(CODE);
  expect(codeIn(`https://rounds.example/app/#enrol=${CODE}`)).toBe(CODE);
  expect(codeIn(` ${CODE}\n`)).toBe(CODE);
});

test.each(['', '#/', '#enrol=', `#enrol=${CODE}x`, `#enrol=${CODE.slice(1)}`, '#enrol=<script>alert(1)</script>'])(
  '%j holds no code',
  (text) => {
    expect(codeIn(text)).toBeNull();
  },
);
