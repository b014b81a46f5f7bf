-- A job that goes back, to its lane or into the delay.
-- @include states facts document lane fan limiting

local function last_token(doc, step, job)
  local _, _, i = locate(job)
  local own = i and read_item(doc, step, i) or not i and record(doc, step)
  return own and own.token
end

-- The lease ends here, whatever follows. doc: nil where it is gone; token: where another may have the lease by now.
local function unlease(doc, step, job, token)
  if doc and token and last_token(doc, step, job) ~= token then return end
  redis.call('ZREM', LEASES, job)
  if not doc or about(doc.plan, step).limit then free_limit(job) end
end

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
  unlease(doc, step, own.job)
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
