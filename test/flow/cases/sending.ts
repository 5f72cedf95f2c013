/** What is sent and asked for elsewhere. */
import { type Cases, tel } from './case.ts';

export const sending: Cases = {
  message_send: [
    {
      option: { destinations: [tel('+15559876543')], text: 'Hi ${name}' },
      variables: { name: 'Bo' },
      effects: [{ do: 'send', what: 'message', content: { text: 'Hi Bo' } }],
    },
  ],
  email_send: [
    {
      option: { destinations: [{ type: 'email', target: 'a@example.com' }], subject: 'S', content: 'C' },
      effects: [{ do: 'send', what: 'email', content: { subject: 'S', content: 'C' } }],
    },
  ],
  conversation_send: [
    {
      option: { conversation_id: 'c', text: 'T' },
      effects: [{ do: 'send', what: 'conversation', content: { conversation_id: 'c', text: 'T' } }],
    },
  ],
  case_create: [
    {
      option: { name: 'N' },
      effects: [{ do: 'send', what: 'case', content: { name: 'N', detail: '', note: '' } }],
    },
  ],
  callback_request: [
    {
      option: { queue_id: 'q', number: '${n}' },
      variables: { n: '+15559876543' },
      effects: [{ do: 'request_callback', queue: 'q', number: '+15559876543' }],
      told: { type: 'callback_requested', status: 'requested', id: 'cb', number: '+15559876543' },
      sets: { 'callback.status': 'requested', 'callback.id': 'cb' },
    },
    {
      option: { queue_id: 'q' },
      variables: { 'callback.number': '5551' },
      effects: [{ number: '5551' }],
      told: { type: 'callback_requested', status: 'known', id: 'cb', number: '+915551' },
      sets: { 'callback.status': 'known', 'callback.number': '+915551' },
    },
    {
      option: { queue_id: 'q' },
      variables: { 'voipbin.call.direction': 'outgoing', 'voipbin.call.destination.target': '+15550002222' },
      effects: [{ number: '+15550002222' }],
      told: { type: 'failed', why: 'there is no queue q' },
      sets: { 'callback.status': 'failed' },
    },
    {
      option: { queue_id: 'q' },
      variables: { 'voipbin.call.source.target': '' },
      effects: [],
      sets: { 'callback.status': 'failed' },
    },
  ],
  fetch: [
    {
      option: { event_url: 'https://a.test/actions' },
      effects: [{ do: 'http', method: 'POST', fetch: true, awaited: true }],
      told: { type: 'answered', status: 200, body: '[{"type":"goto","option":{"target_id":"else"}}]' },
      says: 'else',
    },
    {
      option: { event_url: 'https://a.test/actions' },
      effects: [{}],
      told: { type: 'answered', status: 200, body: '{}' },
    },
    {
      option: { event_url: 'https://a.test/actions' },
      effects: [{}],
      told: { type: 'answered', status: 404, body: '[]' },
    },
    {
      option: { event_url: 'https://a.test/actions' },
      effects: [{}],
      told: { type: 'answered', status: 200, body: '[]' },
    },
  ],
  fetch_flow: [
    {
      option: { flow_id: 'other' },
      effects: [{ do: 'load_flow', flow: 'other' }],
      told: { type: 'flow_loaded' },
      says: 'nothing',
    },
  ],
  webhook_send: [
    {
      option: { uri: 'https://a.test/?q=${q}', method: 'GET' },
      variables: { q: 'a&b=c\uD800' },
      effects: [{ do: 'http', url: 'https://a.test/?q=a%26b%3Dc', method: 'GET', awaited: false }],
    },
    {
      option: { uri: '${url}', data: '{"a":"${q}"}' },
      variables: { url: 'https://a.test/x?y=1', q: '"\n\\' },
      effects: [{ do: 'http', url: 'https://a.test/x?y=1', body: '{"a":"\\"\\n\\\\"}' }],
    },
    {
      option: { uri: 'https://a.test', data: 'say ${q}', data_type: 'text/plain' },
      variables: { q: '"' },
      effects: [{ body: 'say "', content_type: 'text/plain' }],
    },
    {
      option: { uri: 'https://a.test', sync: true },
      effects: [{ awaited: true }],
      told: { type: 'answered', status: 201, body: '{"a":{"b":[1,true,null]}}' },
      sets: { 'it.a.b.0': '1', 'it.a.b.1': 'true', 'it.a.b.2': '', 'it.status_code': '201' },
    },
    {
      option: { uri: 'https://a.test', sync: true, response_prefix: 'r' },
      effects: [{}],
      told: { type: 'answered', status: 500, body: '{"a":1}' },
      sets: { 'r.status_code': '500' },
    },
    {
      option: { uri: 'https://a.test', sync: true },
      effects: [{}],
      told: { type: 'answered', status: 200, body: 'no JSON' },
      sets: { 'it.status_code': '200' },
    },
  ],
};
