#!lua flags=allow-oom
--[[
batch: a set of documents submitted together: open it, say what its lines are called and which were refused, close it, or cancel it. Documents
join by `submit`. Once it is closed, and the last of its documents has ended, its aggregate starts, in that very call.

KEYS
  batches          zset: every batch; score = when it was opened
ARGV
  act              open, name, refuse, close or cancel
  id               of the batch
  most             cancel: how many documents at most; else 0
  words...         open: pipeline, priority, tenant, aggregate (its pipeline's id, or empty), given (its other parameters, JSON
                   without braces), retention (ms, after its end), name, trace (traceparent, or empty); name: line, what its sender calls it...; refuse: line, why...; cancel: why
ANSWERS
  opened           it takes documents from now on, or did before
  closed           it takes no more; documents of it have not ended yet
  ended            it has ended, now or before; or it was purged, and its aggregate is still there
  named            those names are written down
  refused          those lines are written down
  cancelled        none of its documents is left to cancel
  again            some are; call once more, or sweep does it
  unknown          there is no such batch
MAY BE SENT AGAIN  yes
]]

local KEPT_OPEN = 86400000 -- ms after its last line: then nobody is submitting it any more
local LONGEST_WHY = 300 -- bytes

local act, id = ARGV[1], ARGV[2]
local own = batch_key(id)
local state = redis.call('HGET', own, 'state')

-- One that was purged is not begun anew while its aggregate is there: that runs once.
local function open_batch()
  if not state and redis.call('EXISTS', doc_key(id .. '.aggregate')) == 1 then return 'ended' end
  if not state then
    local pipeline, priority, tenant, aggregate, given, retention, name, trace = unpack(ARGV, 4)
    redis.call('HSET', own, 'state', 'open', 'pipeline', pipeline, 'priority', priority, 'tenant', tenant, 'opened', NOW_TEXT,
      'retention', retention, 'documents', 0, 'refused', 0)
    if aggregate ~= '' then redis.call('HSET', own, 'aggregate', aggregate, 'given', given) end
    if name ~= '' then redis.call('HSET', own, 'name', name) end
    if trace ~= '' then redis.call('HSET', own, 'trace', trace) end
    redis.call('ZADD', KEYS[1], NOW_TEXT, id)
    redis.call('ZADD', key('deadlines'), NOW + KEPT_OPEN, id .. ' batch')
  end
  return state == 'open' and 'opened' or state or 'opened'
end

local function name_lines()
  if state ~= 'open' then return state end
  redis.call('HSET', batch_key(id, 'names'), unpack(ARGV, 4))
  return 'named'
end

local function refuse()
  if state ~= 'open' then return state end
  local new = 0
  for at = 4, #ARGV, 2 do
    new = new + redis.call('HSETNX', batch_key(id, 'refused'), ARGV[at], string.sub(ARGV[at + 1], 1, LONGEST_WHY))
  end
  redis.call('HINCRBY', own, 'refused', new)
  return 'refused'
end

if act == 'open' then
  state = open_batch()
elseif not state then
  state = 'unknown'
elseif act == 'name' then
  state = name_lines()
elseif act == 'refuse' then
  state = refuse()
elseif act == 'close' then
  state = state == 'open' and batching.close(id) or state
else
  state = cancelling.batch(id, tonumber(ARGV[3]), ARGV[4])
end
flush()
return state
