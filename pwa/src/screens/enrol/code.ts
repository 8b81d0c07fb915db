/** Where an enrolment code comes from: the address that the console shows, or a person's fingers. */

const CODE = /^[A-Za-z0-9_-]{22}$/;

/** The code in the address's fragment, or null. The fragment never reaches a server's log. */
export function codeInAddress(hash: string): string | null {
  return codeIn(hash);
}

/** The code in what a person typed or pasted: the code itself, or the whole address. */
export function codeIn(text: string): string | null {
  const code = /(?:^|[#&])enrol=([^&\s]*)/.exec(text)?.[1] ?? text.trim();
  return CODE.test(code) ? code : null;
}
