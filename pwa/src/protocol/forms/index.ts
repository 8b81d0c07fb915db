/** Forms: what an answer must look like and what it means. Mirrors `sync/forms/`, held by `forms.json` and `forms/`. */
export { CANNOT_READ, MAX_TEXT, isUnread, type FaultLevel, type MeterDefinition, type Meters } from './base';
export { namesOf } from './formulas';
export { checkAnswer, faultOf, judge, missing, photosNeeded, standings, type FieldFault, type Judgement, type Standing } from './judging';
export { rules } from './kinds';
export { inOrder } from './kinds/several';
export { isTyped } from './kinds/signature';
export { difference, foldNumber, level, type Level } from './numbers';
export { hasRequired } from './required';
