-- An ended document runs again: what is missing, and what was made of it. What is done stays done.
-- @include document fan advance flagging limiting batching missing caching

-- A fan-out that lacks items: what is done counts as handed out, and nothing else.
local function reopen_fan(doc, step, follower)
  local size = redis.call('HGET', fan_key(doc.id, step), 'size')
  local handed = fan_key(doc.id, step, 'handed')
  redis.call('UNLINK', fan_key(doc.id, step), fan_key(doc.id, step, 'failed'), fan_key(doc.id, step, 'due'))
  redis.call('HSET', fan_key(doc.id, step), 'size', size, 'reopened', '1')
  if follower.kind == 'chain' then redis.call('HSET', fan_key(doc.id, step), 'over', string.match(follower.inputs, '^[^,]+')) end
  redis.call('BITOP', 'OR', handed, fan_key(doc.id, step, 'done'))
  redis.call('SETBIT', handed, size, 1) -- NOT needs its full length
end

local function forget_outputs(doc, step)
  redis.call('HDEL', data_key(doc.id), step)
  redis.call('HDEL', doc.key, fields_of(step).items, fields_of(step).flags, step .. '.cached')
  for _, part in ipairs({ false, 'data', 'done', 'failed', 'handed', 'due', 'ran' }) do
    redis.call('UNLINK', fan_key(doc.id, step, part or nil))
  end
end

-- A checkpoint is of use where a step goes on with what it had.
local function forget_checkpoint(doc, step, from, modes, follower)
  local changed = step == from
  for input in string.gmatch(follower and follower.inputs or '', '[^,]+') do changed = changed or modes[input] ~= nil end
  if changed then redis.call('HDEL', data_key(doc.id), step .. '.checkpoint') end
end

-- Attempts and deliveries begin anew; the fence does not.
local function reset_step(doc, step, mode, follower)
  local own, f = record(doc, step), fields_of(step)
  if mode == 'whole' then forget_outputs(doc, step) else reopen_fan(doc, step, follower) end
  redis.call('HDEL', doc.key, f.finished, f.error, f.failed, step .. '.progress')
  own.attempts, own.deliveries, own.apart = '0', '0', nil
  local member = doc.id .. '/' .. step
  redis.call('ZREM', key('deadlines'), member .. ' wait', member .. ' total')
  set_state(doc, step, 'waiting')
  set_run(own)
end

local TALLIES = { deaths = true, losses = true, memory = true }
local MOST_AT_ONCE = 1000 -- fields: what `unpack` may carry

local function forget_tallies(doc)
  local gone = {}
  for _, field in ipairs(redis.call('HKEYS', doc.key)) do
    if TALLIES[string.match(field, '%.(%a+)$') or ''] then gone[#gone + 1] = field end
  end
  for first = 1, #gone, MOST_AT_ONCE do
    redis.call('HDEL', doc.key, unpack(gone, first, math.min(first + MOST_AT_ONCE - 1, #gone)))
  end
end

local function forget_end(doc)
  redis.call('HDEL', doc.key, 'finished', 'error', 'partly', 'deadline')
  forget_tallies(doc)
  redis.call('ZREM', key('deadlines'), doc.id)
  redis.call('ZREM', key('retention'), doc.id)
  for _, k in ipairs(keys_of(doc.id, doc.pipeline)) do redis.call('PERSIST', k) end
end

local function start_again(doc, step, mode, follower)
  if mode == 'whole' and follower then return start_now(doc, follower) end
  if is_left_out(doc, step) then
    leave_out(doc, step)
    return advance(doc, step)
  end
  if mode == 'rest' and follower.kind ~= 'chain' and not inputs_there(doc, follower.inputs, follower.kind) then return end
  local lane = lane_of(doc, step)
  record(doc, step).ready = NOW_TEXT
  set_state(doc, step, 'ready')
  set(doc, fields_of(step).ready, NOW_TEXT)
  if mode == 'rest' then place_entry(doc, step, lane) else offer(doc, step, lane) end
end

-- Returns whether anything was missing.
local function revive(doc, from, times)
  local modes, inputs, some = plan_revival(doc, from)
  if not some then return false end
  forget_end(doc)
  keep_flags(doc, modes)
  local before = doc.status
  -- Where only so many may be under way, it waits to be one of them again.
  local goes_on = redis.call('HEXISTS', doc.key, 'started') == 1 and not doc.plan.max_started
  move_index(doc, goes_on and 'running' or 'queued')
  batching.rejoin(doc.id, before, doc.status)
  doc.revived = times + 1
  set(doc, 'revived', doc.revived)
  caching.set_anew(doc, from, modes)
  for step, mode in pairs(modes) do
    forget_checkpoint(doc, step, from, modes, inputs[step])
    reset_step(doc, step, mode, inputs[step])
  end
  for step in string.gmatch(doc.plan.steps, '%S+') do
    if modes[step] then start_again(doc, step, modes[step], inputs[step]) end
  end
  return true
end
