/** What a flow knows from the beginning, by the names that VoIPBin documents. */
import type { Call } from './call.ts';

type Known = Pick<Call, 'id' | 'from' | 'to' | 'direction'>;

export function ofCall({ id, from, to, direction }: Known): Record<string, string> {
  return {
    'voipbin.call.id': id,
    'voipbin.call.direction': direction === 'inbound' ? 'incoming' : 'outgoing',
    'voipbin.call.status': direction === 'inbound' ? 'ringing' : 'progressing',
    'voipbin.call.digits': '',
    'voipbin.call.source.type': 'tel',
    'voipbin.call.source.target': from,
    'voipbin.call.source.target_name': '',
    'voipbin.call.source.name': '',
    'voipbin.call.source.detail': '',
    'voipbin.call.destination.type': 'tel',
    'voipbin.call.destination.target': to,
    'voipbin.call.destination.target_name': '',
    'voipbin.call.destination.name': '',
    'voipbin.call.destination.detail': '',
  };
}

export const ofFlow = ({ id }: Known, flow: string): Record<string, string> => ({
  'voipbin.activeflow.id': id,
  'voipbin.activeflow.reference_type': 'call',
  'voipbin.activeflow.reference_id': id,
  'voipbin.activeflow.flow_id': flow,
  'voipbin.activeflow.complete_count': '0',
});
