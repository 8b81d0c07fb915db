import { cleanup } from '@testing-library/preact';
import { afterEach, beforeEach } from 'vitest';
import { setLanguage } from '../i18n/t';

beforeEach(async () => {
  await setLanguage('zh');
});

afterEach(() => {
  cleanup();
});
