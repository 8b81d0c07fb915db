/** The rules at an address of the API, as a list. */
import { useLoad, type Loaded } from '../../model/load';
import type { UpkeepRule } from './types';

export function useRules(path: string | null): Loaded<UpkeepRule[]> {
  const { value, problem, reload, put } = useLoad<{ rules: UpkeepRule[] }>(path);
  return { value: value?.rules ?? null, problem, reload, put: (rules) => put({ rules }) };
}
