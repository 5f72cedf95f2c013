/** What decides where the flow goes. */
import type { Cases } from './case.ts';

export const deciding: Cases = {
  branch: [
    { option: { target_ids: { 1: 'else' } }, variables: { 'voipbin.call.digits': '1' }, says: 'else' },
    { option: { variable: 'tier', target_ids: { vip: 'else' } }, variables: { tier: 'vip' }, says: 'else' },
    {
      option: { variable: '${tier}', target_ids: { vip: 'else' } },
      variables: { tier: 'vip' },
      says: 'else',
    },
    { option: { variable: 'tier', target_ids: { vip: 'else' } }, variables: { tier: 'VIP' }, says: 'next' },
    { option: { variable: 'tier', default_target_id: 'else' }, says: 'else' },
    {
      option: { variable: 'tier', target_ids: { constructor: 'else' } },
      variables: { tier: 'toString' },
      says: 'next',
    },
  ],
  goto: [
    { option: { target_id: 'else' }, says: 'else' },
    { option: { target_id: 'else', loop_count: 0 }, says: 'next' },
  ],
  variable_set: [
    { option: { key: 'a', value: '${b}' }, variables: { b: '${c}', c: 'never' }, sets: { a: '${c}' } },
    { option: { key: '__proto__', value: 'x' } },
  ],
  condition_variable: [
    {
      option: { condition: '==', variable: 'a', value_string: 'x', false_target_id: 'else' },
      variables: { a: 'x' },
      says: 'next',
    },
    {
      option: { condition: '==', variable: '${a}', value_string: 'x', false_target_id: 'else' },
      variables: { a: 'x' },
      says: 'next',
    },
    { option: { condition: '==', variable: 'a', value_string: 'x', false_target_id: 'else' }, says: 'else' },
    {
      option: {
        condition: '==',
        variable: 'call.source.target',
        value_string: '+15550001111',
        false_target_id: 'else',
      },
      says: 'next',
    },
    {
      option: {
        condition: '>=',
        variable: 'a',
        value_type: 'number',
        value_number: 9,
        false_target_id: 'else',
      },
      variables: { a: '10' },
      says: 'next',
    },
    {
      option: {
        condition: '<',
        variable: 'a',
        value_type: 'number',
        value_number: 9,
        false_target_id: 'else',
      },
      variables: { a: '' },
      says: 'else',
    },
    {
      option: {
        condition: '<=',
        variable: 'a',
        value_type: 'length',
        value_length: 2,
        false_target_id: 'else',
      },
      variables: { a: 'éé' },
      says: 'next',
    },
    { option: { condition: '!=', variable: 'a', value_string: '', false_target_id: 'else' }, says: 'else' },
  ],
  condition_datetime: [
    { option: { condition: '>=', hour: 12, false_target_id: 'else' }, says: 'next' },
    { option: { condition: '<', hour: 12, false_target_id: 'else' }, says: 'else' },
    {
      option: { timezone: '${zone}', false_target_id: 'else' },
      variables: { zone: 'Nowhere/Land' },
      says: 'next',
    },
  ],
  condition_call_digits: [
    {
      option: { length: 2, false_target_id: 'else' },
      variables: { 'voipbin.call.digits': '12' },
      says: 'next',
    },
    {
      option: { length: 2, false_target_id: 'else' },
      variables: { 'voipbin.call.digits': '1' },
      says: 'else',
    },
    {
      option: { key: '2#', false_target_id: 'else' },
      variables: { 'voipbin.call.digits': '12#' },
      says: 'next',
    },
    {
      option: { key: '#2', false_target_id: 'else' },
      variables: { 'voipbin.call.digits': '12#' },
      says: 'else',
    },
  ],
  condition_call_status: [
    { option: { status: 'ringing', false_target_id: 'else' }, says: 'next' },
    { option: { status: 'busy', false_target_id: 'else' }, says: 'else' },
  ],
  amd: [
    { option: { machine_handle: 'continue' }, variables: { 'amd.result': 'machine' }, says: 'next' },
    {
      option: { machine_handle: 'hangup' },
      variables: { 'amd.result': 'machine' },
      verbs: [{ verb: 'hangup' }],
      says: 'nothing',
    },
    { option: { machine_handle: 'hangup' }, says: 'next', sets: { 'amd.result': 'human' } },
  ],
};
