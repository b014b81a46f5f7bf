-- End documents: states, indexes, retention, TTL, their batch, and the document that `on_finish` asks for.
-- @include states document lane facts limiting create batching hooking origin

local BACKSTOP = 86400000 -- ms that a document outlives its retention, should nobody purge
local SEEN = 60000 -- ms that one is kept that nobody wants to keep, for who waits for it

local function start_on_finish(doc, pipeline)
  local id = doc.id .. '.finish' .. (doc.revived or '')
  if redis.call('EXISTS', doc_key(id)) == 1 then return end
  if not planned(pipeline, 'steps') then return note(doc.id, doc.id, 'no-finish', pipeline .. ' is unknown') end
  -- Every word in it is docmill's own, so no escaping is needed.
  local input = '{"finished":{"id":"' .. doc.id .. '","status":"' .. doc.status .. '","pipeline":"' .. doc.pipeline .. '"}}'
  create({ id = id, pipeline = pipeline, priority = doc.priority, place = doc.place, lanes = origin.lanes(origin.trace_of(doc)),
    tenant = tenant_of(doc) }, input, 0)
end

-- What is held may be so for long: who ends does not stay there. And one that ends in its lane leaves to others the room that it
-- had come back for, or that it took from those that feed the lane.
local function leave_held(doc, step, member)
  if redis.call('EXISTS', key('reasons')) == 0 then return end
  for _, reason in ipairs(reasons_of(doc, step)) do
    redis.call('ZREM', held_key(reason), member)
    make_room(reason)
  end
  for reason in string.gmatch(redis.call('HGET', lane_key(lane_of(doc, step)), 'feeders') or '', '%S+') do make_room(reason) end
end

-- Jobs that will not run any more leave their lanes; what is leased ends at its slot's next call.
local function cancel_the_rest(doc, steps)
  for step in string.gmatch(steps, '%S+') do
    local state = record(doc, step).state
    if not FINAL_JOB[state] then
      local member = doc.id .. '/' .. step
      redis.call('ZREM', key('delayed'), member)
      if state == 'ready' then leave(doc, step, lane_of(doc, step)) end
      if state == 'ready' or state == 'held' then leave_held(doc, step, member) end
      set_state(doc, step, 'cancelled')
      tell(doc.id, member, 'cancelled')
    end
  end
  -- What this very call made ready is in no lane yet.
  for member, job in pairs(offered) do
    if job.doc == doc then offered[member] = nil end
  end
end

-- Fire and forget: who waits for such a document sees that it succeeded, and nothing more.
local function forget_document(doc, keys)
  table.remove(keys, 1) -- its head
  redis.call('UNLINK', unpack(keys))
end

-- How long it is kept, and whether its outputs are. on_finish may want to read them, or its batch's aggregate.
local function keeping_of(doc, status)
  if status == 'failed' then return doc.plan.retention_failed, true end
  if status ~= 'succeeded' or not doc.plan.forget then return doc.plan.retention, true end
  return SEEN, doc.plan.on_finish ~= nil or batching.of(doc.id) ~= nil
end

local function count_end(doc, status)
  local made = made_as(doc.id)
  if made == 'hook' then return count('delivered:' .. status) end
  if made then return count('followed:' .. doc.name .. ':' .. status) end
  count('finished:' .. doc.name .. ':' .. status)
  observe(histogram('duration:' .. doc.name), NOW - doc.submitted)
end

local function finish(doc, status, error)
  local on_finish, keys = doc.plan.on_finish, keys_of(doc.id, doc.pipeline)
  local kept, whole = keeping_of(doc, status)
  if status ~= 'succeeded' then cancel_the_rest(doc, doc.plan.steps) end
  local before = doc.status
  move_index(doc, status)
  end_started(doc)
  set(doc, 'finished', NOW_TEXT)
  if error then set(doc, 'error', error) end
  redis.call('ZADD', key('retention'), string.format('%d', NOW + kept), doc.id)
  count_end(doc, status)
  batching.leave(doc.id, status, before)
  if on_finish then start_on_finish(doc, on_finish) end
  tell_receivers(doc)
  if not whole then forget_document(doc, keys) end
  if doc.tenant then redis.call('HSET', doc.key, 'status', status) end -- made by this very call: what is not there yet has no TTL
  local lives = string.format('%d', kept + BACKSTOP)
  for _, k in ipairs(whole and keys or { doc.key }) do redis.call('PEXPIRE', k, lives) end
end
