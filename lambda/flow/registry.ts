/** Every action type of VoIPBin: the ones that run, and the ones that are refused, with the reason. */
import type { ActionType, RefusedAction } from './action.ts';
import { aiSummary } from './actions/ai_summary.ts';
import { aiTalk } from './actions/ai_talk.ts';
import { aiTask } from './actions/ai_task.ts';
import { amd } from './actions/amd.ts';
import { answer } from './actions/answer.ts';
import { beep } from './actions/beep.ts';
import { block } from './actions/block.ts';
import { branch } from './actions/branch.ts';
import { call } from './actions/call.ts';
import { callbackRequest } from './actions/callback_request.ts';
import { caseCreate } from './actions/case_create.ts';
import { conditionCallDigits } from './actions/condition_call_digits.ts';
import { conditionCallStatus } from './actions/condition_call_status.ts';
import { conditionDatetime } from './actions/condition_datetime.ts';
import { conditionVariable } from './actions/condition_variable.ts';
import { confbridgeJoin } from './actions/confbridge_join.ts';
import { conferenceJoin } from './actions/conference_join.ts';
import { connect } from './actions/connect.ts';
import { conversationSend } from './actions/conversation_send.ts';
import { digitsReceive } from './actions/digits_receive.ts';
import { digitsSend } from './actions/digits_send.ts';
import { echo } from './actions/echo.ts';
import { emailSend } from './actions/email_send.ts';
import { externalMediaStart } from './actions/external_media_start.ts';
import { externalMediaStop } from './actions/external_media_stop.ts';
import { fetchActions } from './actions/fetch.ts';
import { fetchFlow } from './actions/fetch_flow.ts';
import { goto } from './actions/goto.ts';
import { hangup } from './actions/hangup.ts';
import { messageSend } from './actions/message_send.ts';
import { mute } from './actions/mute.ts';
import { play } from './actions/play.ts';
import { queueJoin } from './actions/queue_join.ts';
import { recordingStart } from './actions/recording_start.ts';
import { recordingStop } from './actions/recording_stop.ts';
import { sleep } from './actions/sleep.ts';
import { stop } from './actions/stop.ts';
import { streamEcho } from './actions/stream_echo.ts';
import { talk } from './actions/talk.ts';
import { transcribeRecording } from './actions/transcribe_recording.ts';
import { transcribeStart } from './actions/transcribe_start.ts';
import { transcribeStop } from './actions/transcribe_stop.ts';
import { variableSet } from './actions/variable_set.ts';
import { webhookSend } from './actions/webhook_send.ts';

export const ACTIONS: readonly (ActionType | RefusedAction)[] = [
  aiSummary,
  aiTalk,
  aiTask,
  amd,
  answer,
  beep,
  block,
  branch,
  call,
  callbackRequest,
  caseCreate,
  conditionCallDigits,
  conditionCallStatus,
  conditionDatetime,
  conditionVariable,
  confbridgeJoin,
  conferenceJoin,
  connect,
  conversationSend,
  digitsReceive,
  digitsSend,
  echo,
  emailSend,
  externalMediaStart,
  externalMediaStop,
  fetchActions,
  fetchFlow,
  goto,
  hangup,
  messageSend,
  mute,
  play,
  queueJoin,
  recordingStart,
  recordingStop,
  sleep,
  stop,
  streamEcho,
  talk,
  transcribeRecording,
  transcribeStart,
  transcribeStop,
  variableSet,
  webhookSend,
];

const BY_TYPE = new Map(ACTIONS.map(entry => [entry.type, entry]));

/** @returns undefined for a type that nobody knows */
export const entryOf = (type: string): ActionType | RefusedAction | undefined => BY_TYPE.get(type);
