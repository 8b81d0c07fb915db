/** What people said on this phone to the text about what is recorded. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Given } from '../protocol/store';
import { consents, session } from './data';

/** The version of the text on the screen. It rises whenever the text means something else, and all are asked anew. */
export const CONSENT_VERSION = 2;

/** What the person who is signed in said last, or null. */
export const given: ReadonlySignal<Given | null> = computed(() => {
  const id = session.value?.person;
  return id !== undefined && Object.hasOwn(consents.value, id) ? consents.value[id]! : null;
});

/** Whether the person who is signed in has yet to be asked. */
export const unasked: ReadonlySignal<boolean> = computed(
  () => session.value !== null && given.value?.version !== CONSENT_VERSION,
);

/** Whether records may say where the person who is signed in made them: only by their yes to this very text. */
export const agreed: ReadonlySignal<boolean> = computed(() => !unasked.value && given.value?.location === true);
