/** As in package.json; test/host/version.test.ts compares. */
export const VERSION = '0.1.0';
