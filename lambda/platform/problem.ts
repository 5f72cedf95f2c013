/** RFC 9457 problem documents, in the form that API Gateway takes: what is wrong and what to do about it. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const TITLES = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof TITLES;

interface More {
  headers?: Record<string, string>;
  /** Further members of the document. */
  members?: object;
}

export const problem = (
  status: ProblemStatus,
  detail: string,
  { headers, members }: More = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...headers, 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail, ...members }),
});
