import { expect, test } from 'vitest';
import { codeIn, codeInAddress, isWeChat } from './code';

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

test('the browser inside WeChat is known by what it says of itself', () => {
  expect(isWeChat('Mozilla/5.0 (Linux; Android 14) Chrome/116 MMWEBID/1 MicroMessenger/8.0.50')).toBe(true);
  expect(isWeChat('Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537.36')).toBe(false);
});
