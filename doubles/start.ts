/**
 * Stand-ins for Deepgram and OpenAI on one port of this machine, for tests and for a stack without keys. They speak
 * the real wire protocols; speech is tones (`tones.ts`). Scripted by `script`, or over HTTP by whoever runs elsewhere:
 * `POST /double/script` takes the same JSON, `GET /double/requests` gives what the doubles were asked.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { answerJson, readExchange } from './answer.ts';
import { listenServer } from './deepgram-listen.ts';
import { answerListen } from './deepgram-recorded.ts';
import { answerSpeak } from './deepgram-speak.ts';
import { createDesk, type Desk } from './desk.ts';
import { answerChat } from './openai-chat.ts';
import { answerSpeech } from './openai-speech.ts';
import type { Requests, Script, Timing } from './script.ts';

export interface DoublesOptions {
  /** 0 (the default): any free one. */
  port?: number;
  /** What the doubles go back to when a script says `clear`. */
  timing?: Partial<Timing>;
}

export interface Doubles {
  /** `ws://127.0.0.1:.../v1/listen` */
  deepgramUrl: string;
  /** `http://127.0.0.1:.../v1/speak` */
  deepgramSpeakUrl: string;
  /** `http://127.0.0.1:.../v1` */
  openaiBaseUrl: string;
  /** `http://127.0.0.1:.../double`, for scripts from another process. */
  controlUrl: string;
  requests: Requests;
  script(script: Script): void;
  /** Breaks off whatever is under way. */
  stop(): Promise<void>;
}

/** Any key that is not empty is good, unless a script names the good ones. Rejects if the port is taken. */
export async function startDoubles({ port = 0, timing = {} }: DoublesOptions = {}): Promise<Doubles> {
  const desk = createDesk(timing);
  const listening = listenServer(desk);
  const server = createServer((incoming, response) => {
    route(desk, incoming, response).catch(error => {
      if (!response.headersSent) response.writeHead(500);
      response.end(`The double failed: ${error}\n`);
    });
  });
  const upgraded = new Set<Socket>();
  server.on('upgrade', (incoming, socket: Socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // A client that goes away in the middle of the handshake is no fault of the double.
    socket.on('error', () => socket.destroy());
    void listening.upgrade(incoming, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    deepgramUrl: `ws://${host}/v1/listen`,
    deepgramSpeakUrl: `http://${host}/v1/speak`,
    openaiBaseUrl: `http://${host}/v1`,
    controlUrl: `http://${host}/double`,
    requests: desk.requests,
    script: desk.script,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        listening.stop();
        for (const socket of upgraded) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

async function route(desk: Desk, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = await readExchange(incoming, response);
  switch (`${incoming.method} ${exchange.url.pathname}`) {
    case 'POST /v1/chat/completions':
      return answerChat(desk, exchange);
    case 'POST /v1/audio/speech':
      return answerSpeech(desk, exchange);
    case 'POST /v1/listen':
      return answerListen(desk, exchange);
    case 'POST /v1/speak':
      return answerSpeak(desk, exchange);
    case 'POST /double/script':
      desk.script(exchange.body as Script);
      return answerJson(response, { status: 200, body: {} });
    case 'GET /double/requests':
      return answerJson(response, { status: 200, body: desk.requests });
    default:
      return answerJson(response, {
        status: 404,
        body: { error: { message: 'This double has no such endpoint.' } },
      });
  }
}
