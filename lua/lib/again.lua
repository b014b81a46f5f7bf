-- A job that goes back, to its lane or into the delay.
-- @include states facts document lane fan

-- The lease ends here, whatever follows.
local function unlease(own) redis.call('ZREM', key('leases'), own.job) end

-- An item goes back into its fan-out's one entry; one that is to run alone waits by itself.
local function settle_item_again(doc, own, state, due)
  local step = own.step
  own.state = state
  write_item(doc, step, own.item, own)
  if not own.apart then
    redis.call('ZADD', fan_key(doc.id, step, 'due'), due, own.item)
    return place_entry(doc, step, lane_of(doc, step))
  end
  if state == 'delayed' then return redis.call('ZADD', key('delayed'), due, own.job) end
  offer(doc, step, lane_of(doc, step), own.item, own)
end

-- Back to its lane, at its own place; after `delay` ms.
local function settle_again(doc, own, attempts, delay)
  local step, due = own.step, NOW + delay
  local state = delay > 0 and 'delayed' or 'ready'
  unlease(own)
  if own.item or delay > 0 then tell(doc.id, own.job, state) end
  own.attempts = attempts
  if own.item then return settle_item_again(doc, own, state, due) end
  own.ready = due
  set_state(doc, step, state)
  set_run(own)
  set(doc, fields_of(step).ready, due)
  if delay > 0 then
    redis.call('ZADD', key('delayed'), due, own.job)
  else
    offer(doc, step, lane_of(doc, step), nil, own)
  end
end
