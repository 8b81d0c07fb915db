/** Finds people of the roster by what a person types. */

type Named = { name: string; number: string; team: string | null };

/** Those whose name, number or team holds every word of `sought`; everybody where nothing is sought. */
export function find<T extends Named>(people: readonly T[], sought: string, teamName: (team: string) => string): T[] {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '');
  return people.filter(({ name, number, team }) => {
    const hay = [name, team === null ? '' : teamName(team)].join('\n').toLocaleLowerCase();
    return words.every((word) => hay.includes(word) || number.toLocaleLowerCase().startsWith(word));
  });
}
