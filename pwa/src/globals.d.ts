/** The app's version, from package.json; filled in by the build. */
declare const __APP_VERSION__: string;

/** The address of a stylesheet that is not loaded with the page. */
declare module '*.css?url' {
  const address: string;
  export default address;
}
