/**
 * Which route a request takes, as an HTTP API chooses: a full match before one with `{parameters}`, a method before
 * `ANY`, a greedy `{proxy+}` last of all, then `$default`. Pure.
 */
import type { RouteModel } from '../template/http-api.ts';

export interface Match {
  route: RouteModel;
  pathParameters?: Record<string, string>;
}

export function matchRoute(routes: RouteModel[], method: string, path: string): Match | undefined {
  const candidates = routes
    .map(route => candidate(route, method, path))
    .filter(found => found !== undefined)
    .sort((a, b) => b.rank - a.rank);
  const [best] = candidates;
  if (best) return { route: best.route, ...(best.pathParameters && { pathParameters: best.pathParameters }) };
  const fallback = routes.find(({ key }) => key === '$default');
  return fallback && { route: fallback };
}

type Candidate = Match & { rank: number };

function candidate(route: RouteModel, method: string, path: string): Candidate | undefined {
  const [routeMethod, template = ''] = route.key.split(' ');
  if (routeMethod !== method && routeMethod !== 'ANY') return undefined;
  const names: string[] = [];
  const pattern = template.split('/').map(segment => {
    const name = /^\{(\w+)(\+?)\}$/.exec(segment);
    if (!name) return escapeText(segment);
    names.push(name[1] ?? '');
    return name[2] ? '(.+)' : '([^/]+)';
  });
  const values = new RegExp(`^${pattern.join('/')}$`).exec(path);
  if (!values) return undefined;
  const rank = (template.includes('+}') ? 0 : names.length > 0 ? 2 : 4) + (routeMethod === 'ANY' ? 0 : 1);
  if (names.length === 0) return { route, rank };
  const pathParameters = Object.fromEntries(
    names.map((name, index) => [name, decode(values[index + 1] ?? '')]),
  );
  return { route, rank, pathParameters };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray percent sign is passed on as it came
  }
}

const escapeText = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
