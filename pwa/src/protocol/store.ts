export type Store = object;
