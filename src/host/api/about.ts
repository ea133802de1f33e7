// What the description says of a route.
import { answers } from './answers.ts';

/** Options of a route that only the description reads, and the schemas of its request. */
export function about(
  operationId: string,
  summary: string,
  good: Readonly<Record<number, string>> | Record<string, unknown>,
  request: { readonly body?: object; readonly params?: object; readonly querystring?: object } = {},
) {
  const isText = Object.values(good).some((value) => typeof value !== 'string');
  const response = isText ? good : answers(good as Record<number, string>);
  return { schema: { operationId, summary, response, ...request } };
}
