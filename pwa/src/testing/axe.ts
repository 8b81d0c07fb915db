import axe from 'axe-core';

/** The rules that `root` breaks, one line each; an empty list is a pass. Colours are checked by contrast.test.ts. */
export async function violations(root: Element): Promise<string[]> {
  const result = await axe.run(root, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'color-contrast': { enabled: false } },
  });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`);
}
