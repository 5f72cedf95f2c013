/**
 * The control API behind `npm run call`, for whoever holds the carrier's auth token: `POST /carrier/calls` plays
 * a scenario and streams its story as lines of JSON. When the listener goes away the callers hang up.
 */
import type { ServerResponse } from 'node:http';
import type { Network } from './network.ts';
import { ScenarioError, scenarioFrom } from './scenario.ts';
import { playScenario } from './scenario-run.ts';
import type { Request, Track } from './server.ts';

export async function control(network: Network, track: Track, request: Request, response: ServerResponse) {
  if (request.authToken !== network.options.authToken) {
    return refuse(response, 401, "Send the carrier's auth token as X-Auth-Token.");
  }
  const what = `${request.method} ${request.url.pathname}`;
  if (what !== 'POST /carrier/calls') return refuse(response, 404, `There is no ${what} here.`);
  try {
    const scenario = scenarioFrom(request.body);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const ended = new AbortController();
    response.on('close', () => ended.abort());
    await playScenario(
      network,
      track,
      scenario,
      line => response.write(`${JSON.stringify(line)}\n`),
      ended.signal,
    );
    response.end();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    refuse(response, 400, error.message);
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: message }));
}
