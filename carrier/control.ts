/**
 * The control API behind `npm run call`, for whoever holds the carrier's auth token: `POST /carrier/calls` plays
 * a scenario and streams its story as lines of JSON; when the listener goes away the callers hang up. To
 * `/carrier/calls/{uuid}/say` goes what somebody on the line shall say, press, or hang up; `sound.wav` is both sides.
 */
import type { ServerResponse } from 'node:http';
import type { Call } from './call.ts';
import type { Network } from './network.ts';
import { check, SAY, ScenarioError, scenarioFrom } from './scenario.ts';
import { playScenario } from './scenario-run.ts';
import type { Answer, Request, Track } from './server.ts';

export async function control(network: Network, track: Track, request: Request, response: ServerResponse) {
  if (request.authToken !== network.options.authToken) {
    return send(response, refusal(401, "Send the carrier's auth token as X-Auth-Token."));
  }
  try {
    if (`${request.method} ${request.url.pathname}` === 'POST /carrier/calls') {
      return await stream(network, track, request, response);
    }
    send(response, steer(network, request));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    send(response, refusal(400, error.message));
  }
}

async function stream(network: Network, track: Track, request: Request, response: ServerResponse) {
  const scenario = scenarioFrom(request.body);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const ended = new AbortController();
  response.on('close', () => ended.abort());
  const tell = (line: unknown) => response.write(`${JSON.stringify(line)}\n`);
  await playScenario(network, track, scenario, tell, ended.signal);
  response.end();
}

/** What somebody on the line does now. */
function steer(network: Network, { method, url, body }: Request): Answer {
  const [, uuid = '', act = ''] = /^\/carrier\/calls\/([\w-]+)\/([\w.]+)$/.exec(url.pathname) ?? [];
  const call = network.calls.get(uuid);
  const what = `${method} ${act}`;
  if (call && what === 'GET sound.wav') return soundOf(call);
  if (!call || call.ended) return refusal(404, `There is no live call for ${method} ${url.pathname}.`);
  if (what !== 'POST say') return refusal(404, `There is no ${what} for a call.`);
  const say = check(SAY, body, 'What to say');
  call.inBackground(() => call.speaker.act(say));
  return { status: 202, body: {} };
}

function soundOf({ tape }: Call): Answer {
  if (!tape) return refusal(404, 'The call was not taped: its scenario must say so.');
  return { status: 200, bytes: tape.wav(), contentType: 'audio/wav' };
}

const refusal = (status: number, message: string): Answer => ({ status, body: { error: message } });

function send(response: ServerResponse, { status, body, bytes, contentType }: Answer): void {
  response.writeHead(status, { 'content-type': contentType ?? 'application/json' });
  response.end(bytes ?? JSON.stringify(body));
}
