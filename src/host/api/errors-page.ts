// docs/errors.md out of the catalogue of errors, so that the two cannot tell different things. The API answers with
// the same page, since its problems point there.
import { ERROR_CODES, ERRORS } from '../../core/base/errors.ts';
import { httpStatus } from './problem.ts';

export function errorsPage(): string {
  const rows = ERROR_CODES.map((code) => {
    const anchor = `<a id="${code.toLowerCase()}"></a>`;
    return `| ${anchor}\`${code}\` | ${httpStatus(code)} | ${ERRORS[code].replaceAll('|', '\\|')} |`;
  });
  return `${HEADING}${rows.join('\n')}\n`;
}

const HEADING = `<!-- Generated from src/core/base/errors.ts by \`npm run generate\`. -->
# Errors

Every error has a code, which stays the same, and a message that says what to do. With \`--json\` it is
\`{ "error": { "code", "message" } }\` on standard output. Over REST it stands in an RFC 9457 body, whose \`type\` leads to
its line here; \`error.fields\` lists which field was refused and why. What happened in particular goes in front of the
text below. The exit status is 1, or 2 for \`USAGE\`.

| code | HTTP | what it means and what to do |
| --- | --- | --- |
`;
