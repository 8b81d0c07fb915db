/** The field kinds, sorted; mirrors `sync/forms/kinds/`. A new kind is a file here and a line. */
import type { FormField } from '../../entities';
import type { KindRules } from '../base';
import { check } from './check';
import { choice } from './choice';
import { computed } from './computed';
import { meter } from './meter';
import { number } from './number';
import { part } from './part';
import { photo } from './photo';
import { several } from './several';
import { signature } from './signature';
import { text } from './text';
import { time } from './time';
import { voice } from './voice';

type Rules = { [K in FormField['kind']]: KindRules<Extract<FormField, { kind: K }>> };

/** Every kind by its name. */
export const rules: Rules = { check, choice, computed, meter, number, part, photo, several, signature, text, time, voice };
