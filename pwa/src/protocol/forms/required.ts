import type { FormBody } from '../entities';

/** Whether a form asks for anything before a stop is done; else the scan alone does it. */
export function hasRequired(form: FormBody | null): boolean {
  return form?.fields.some((field) => field.required !== undefined && field.required !== false) ?? false;
}
