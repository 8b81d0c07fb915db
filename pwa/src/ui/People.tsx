import { t } from '../i18n/t';

export type PersonTile = { id: string; name: string; sub: string };

export type PeopleProps = { people: readonly PersonTile[]; chosen: string | null; onChoose: (id: string) => void };

/** The roster as tiles: a first character, the whole name, the trade. */
export function People({ people, chosen, onChoose }: PeopleProps) {
  return (
    <div class="people" role="group" aria-label={t('pin.people')}>
      {people.map((person) => (
        <button
          key={person.id}
          type="button"
          class="person"
          aria-pressed={person.id === chosen}
          onClick={() => onChoose(person.id)}
        >
          <span class="av" aria-hidden="true">
            {[...person.name][0]}
          </span>
          {person.name}
          <small>{person.sub}</small>
        </button>
      ))}
    </div>
  );
}
