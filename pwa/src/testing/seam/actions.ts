/** In-memory stand-in for `actions/`: every act is a mock that a test can look at and answer with. */
import { vi } from 'vitest';
import { acts } from './acts';

export { ActionError } from './acts';
export const enrol = vi.fn(acts.enrol);
export const pollEnrolment = vi.fn(acts.pollEnrolment);
export const signIn = vi.fn(acts.signIn);
export const proveAgain = vi.fn(acts.proveAgain);
export const personOfBadge = vi.fn(acts.personOfBadge);
export const lacks = vi.fn(acts.lacks);
export const isNeeded = (lack: string): boolean => ['secure', 'store', 'crypto'].includes(lack);
export const signOut = vi.fn(acts.signOut);
export const scanCheckpoint = vi.fn(acts.scanCheckpoint);
export const submitAnswers = vi.fn(acts.submitAnswers);
export const reportFinding = vi.fn(acts.reportFinding);
export const lookAhead = vi.fn(acts.lookAhead);
export const skipStop = vi.fn(acts.skipStop);
export const takeRound = vi.fn(acts.takeRound);
export const explainRecord = vi.fn(acts.explainRecord);
export const syncNow = vi.fn(acts.syncNow);
export const photoUrl = vi.fn(acts.photoUrl);
export const saveDraft = vi.fn(acts.saveDraft);
export const readDraft = vi.fn(acts.readDraft);
export const dropDraft = vi.fn(acts.dropDraft);
export const exportRescue = vi.fn(acts.exportRescue);
export const importRescue = vi.fn(acts.importRescue);
export const lookAgain = vi.fn(acts.lookAgain);
export const understood = vi.fn(acts.understood);
