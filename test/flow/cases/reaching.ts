/** Who else is reached, and what runs beside the call. */
import { type Cases, tel } from './case.ts';

export const reaching: Cases = {
  connect: [
    {
      option: { destinations: [tel('+1 (555) 987-6543')] },
      verbs: [
        { verb: 'silence' },
        { verb: 'dial', legs: [{ target: '+15559876543' }], ring_secs: 60, talk_secs: 3600 },
      ],
      told: { type: 'dialed', result: 'busy' },
      sets: { 'voipbin.call.status': 'busy', 'connect.status': 'busy', 'connect.answered_by': '' },
    },
    {
      option: { destinations: [{ type: 'sip', target: 'sip:bob@example.com' }] },
      verbs: [{}, { verb: 'dial', legs: [{ type: 'sip', target: 'sip:bob@example.com' }] }],
      told: { type: 'dialed', result: 'answered' },
      sets: {
        'voipbin.call.status': 'progressing',
        'connect.status': 'answered',
        'connect.answered_by': 'sip:bob@example.com',
      },
    },
    {
      option: { destinations: [tel('${who}')] },
      variables: { who: 'nobody' },
      verbs: [],
      sets: { 'connect.status': 'failed' },
    },
  ],
  call: [
    {
      option: {
        source: tel('+15551234567'),
        destinations: [tel('${call.source.target}')],
        flow_id: 'survey',
      },
      effects: [{ do: 'call', to: ['+15550001111'], from: '+15551234567', flow: 'survey', chained: false }],
    },
    {
      option: {
        destinations: [tel('+15559876543')],
        actions: [{ type: 'talk', option: { text: '${x}' } }],
        chained: true,
      },
      variables: { x: 'parent' },
      effects: [
        {
          do: 'call',
          actions: [{ type: 'talk', option: { text: '${x}' } }],
          chained: true,
          variables: { x: 'parent' },
        },
      ],
    },
    { option: { destinations: [tel('${who}')], flow_id: 'survey' }, effects: [] },
  ],
  queue_join: [
    {
      option: { queue_id: 'sales' },
      effects: [{ do: 'join_queue', queue: 'sales' }],
      told: { type: 'queue_left', result: 'overflow', variables: { position: '3' } },
      sets: { 'queue.result': 'overflow', position: '3', 'voipbin.queue.id': 'sales' },
    },
  ],
  recording_start: [
    { option: { format: 'wav' }, verbs: [{ verb: 'silence' }, { verb: 'record_call', format: 'wav' }] },
    {
      option: { end_of_key: 'any', beep_start: true },
      verbs: [
        {},
        { verb: 'record_message', end_keys: '1234567890*#', beep: true, max_secs: 3600, silence_secs: 3600 },
      ],
      told: { type: 'recorded', id: 'r1', secs: 4, ended_by: 'key' },
      sets: { 'recording.duration': '4', 'recording.ended_by': 'key', 'voipbin.recording.id': 'r1' },
    },
    { option: { duration: 10, wait: false }, verbs: [{}, { verb: 'record_call' }] },
  ],
  recording_stop: [{ verbs: [] }],
  transcribe_start: [
    {
      option: { direction: 'in', language: 'de-DE', keywords: [{ phrase: 'legal action', alert: true }] },
      verbs: [{ verb: 'silence' }, { verb: 'transcribe', track: 'inbound' }],
      effects: [
        {
          do: 'start_transcription',
          language: 'de-DE',
          track: 'inbound',
          keywords: [{ phrase: 'legal action', alert: true }],
        },
      ],
    },
  ],
  transcribe_stop: [{ verbs: [] }],
  transcribe_recording: [
    {
      option: { language: 'en-GB', on_end_flow_id: 'after' },
      effects: [{ do: 'transcribe_recordings', language: 'en-GB', on_end_flow: 'after' }],
    },
  ],
  ai_talk: [
    {
      option: { assistance_type: 'ai', assistance_id: 'helper', ai_id: 'old' },
      effects: [{ do: 'converse', assistant: 'helper', outcomes: [] }],
      told: { type: 'conversed', status: 'completed', variables: { order: '7' } },
      sets: { 'voipbin.aicall.status': 'completed', 'voipbin.aicall.intent': '', order: '7' },
    },
    {
      option: { ai_id: 'helper', outcomes: ['sales'] },
      effects: [{ do: 'converse', outcomes: ['sales'] }],
      told: { type: 'conversed', status: 'sales' },
      sets: { 'voipbin.aicall.status': 'sales', 'voipbin.aicall.intent': 'sales' },
    },
  ],
};
