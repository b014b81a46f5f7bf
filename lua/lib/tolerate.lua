-- A failure that its step allows: the document goes on without that output, and ends `partial` where the step says so.
-- @include document fan advance

local LONGEST_REASON = 200 -- bytes, of why an item failed

local function mark_partly(doc, known)
  if known.allows ~= 'partial' then return end
  doc.partly = true
  set(doc, 'partly', '1')
end

-- An item that will have no output; nor will those of the steps that map over it.
local function miss(doc, step, item)
  redis.call('SETBIT', fan_key(doc.id, step, 'failed'), item, 1)
  for _, follower in ipairs(chained_to(doc, step)) do
    local state = record(doc, follower.step).state
    if state == 'waiting' then
      start_now(doc, follower)
    elseif state == 'ready' then
      redis.call('SETBIT', fan_key(doc.id, follower.step, 'handed'), item, 1)
      miss(doc, follower.step, item)
    end
  end
  end_fan(doc, step)
end

local function tolerate_item(doc, own, known, class)
  local step = own.step
  local failed = redis.call('BITCOUNT', fan_key(doc.id, step, 'failed')) + 1
  if known.most_failed and failed > known.most_failed then return false end
  own.state = 'failed'
  write_item(doc, step, own.item, own)
  -- A limit may pass while it waits for its next try, which there will not be.
  if redis.call('ZREM', fan_key(doc.id, step, 'due'), own.item) == 1 then place_entry(doc, step, lane_of(doc, step)) end
  local reason = class .. (own.why and own.why ~= '' and ': ' .. own.why or '')
  redis.call('HSET', fan_key(doc.id, step), own.item .. '.error', string.sub(reason, 1, LONGEST_REASON))
  set(doc, fields_of(step).failed, failed)
  mark_partly(doc, known)
  miss(doc, step, own.item)
  return true
end

-- Returns whether the failure is one that the document outlives. A fan-out as a whole is none.
local function tolerate(doc, own, class)
  local step, known = own.step, about(doc.plan, own.step)
  if not known.allows or (known.over and not own.item) then return false end
  if own.item then return tolerate_item(doc, own, known, class) end
  set_run(own)
  set_state(doc, step, known.allows == 'skip' and 'skipped' or 'failed')
  set(doc, fields_of(step).error, class)
  set(doc, fields_of(step).finished, NOW_TEXT)
  mark_partly(doc, known)
  advance(doc, step)
  return true
end
