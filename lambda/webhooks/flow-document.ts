/** What a flow wants said, as the carrier's document: its links carry the step of the flow that they answer. */
import { ownNumber } from '../call/call.ts';
import { documentOf, type LinkTo } from '../flow/document.ts';
import { type Document, redirect, response } from '../vobiz/xml.ts';
import { isPhoneNumber, type Scene } from './documents.ts';

const CALLBACKS: Partial<Record<LinkTo, string>> = {
  dial_event: 'dial',
  recording: 'recording',
  conference_event: 'conference',
  transcription_status: 'transcription',
};

/** @param at the step of the flow whose document it is */
export function flowDocument(at: number, scene: Scene): Document {
  const { call, links, fromNumber, streamUrl } = scene;
  const told = call.flow?.told.find(one => one.at === at);
  if (!told) return response(redirect(links('/flow', { on: 'resume' })));
  const verbs = streamUrl === undefined ? told.verbs.filter(({ verb }) => verb !== 'transcribe') : told.verbs;
  return documentOf(verbs, told.waiting, {
    link: to => linkTo(to, at, scene),
    callerId: [fromNumber, ownNumber(call)].find(isPhoneNumber) ?? '',
  });
}

function linkTo(to: LinkTo, at: number, { links, sound, streamUrl = '' }: Scene): string {
  const of = CALLBACKS[to];
  if (of !== undefined) return links('/flow/event', { of, at });
  switch (to) {
    case 'beep':
    case 'silence':
      return sound(to);
    case 'transcription':
      return streamUrl;
    case 'queue_left':
      return links('/queue-try-agent');
    case 'conversed':
      return links('/flow', { on: 'converse', at });
    default:
      return links('/flow', { on: to, at });
  }
}
