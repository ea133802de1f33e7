// docs/errors.md out of the catalogue of errors, so that the two cannot tell different things.
import { ERRORS } from '../src/core/base/errors.ts';

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, text]) => `| \`${code}\` | ${text.replaceAll('|', '\\|')} |`,
  );
  return `${HEADING}${rows.join('\n')}\n`;
}

const HEADING = `<!-- Generated from src/core/base/errors.ts by \`npm run generate\`. -->
# Errors

Every error has a code, which stays the same, and a message that says what to do. With \`--json\` it is
\`{ "error": { "code", "message" } }\` on standard output; over REST it stands in an RFC 9457 body. What happened in
particular goes in front of the text below. The exit status is 1, or 2 for \`USAGE\`.

| code | what it means and what to do |
| --- | --- |
`;
