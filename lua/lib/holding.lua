-- Jobs that may not run now: they leave their lanes as slots come upon them, for `held:<reason>`, and come back when there is room
-- again: their pipeline or tenant is resumed, or another job gave up what they wait for. A paused lane gives nothing, and its
-- jobs stay where they are.
-- @include document lane fan returning limiting

local MOST_FREED = 4 -- jobs that come back for one reason in one call: mostly one is freed, by the one that ended

-- Thousands of tenants may be paused: only this document's are looked up.
local function reason_of_pause(doc)
  local of_pipeline, of_tenant = 'pipeline:' .. doc.name, 'tenant:' .. tenant_of(doc)
  local v = redis.call('HMGET', key('paused'), of_pipeline, of_tenant)
  return v[1] and of_pipeline or v[2] and of_tenant
end

local function reason_to_hold(doc, step)
  return slot.paused and reason_of_pause(doc) or reason_to_wait(doc, step)
end

-- A fan-out stays ready while its entry is held.
local function is_held(doc, step, member)
  if redis.call('EXISTS', key('reasons')) == 0 then return false end
  for _, reason in ipairs(reasons_of(doc, step)) do
    if redis.call('ZSCORE', held_key(reason), member) then return true end
  end
  return false
end

-- A fan-out's one entry may come back by another way while it is here: then it is held again.
local function hold(best, doc, step, item, reason)
  if best.from then redis.call('ZREM', best.from, best.member) end
  offered[best.member] = nil
  redis.call('ZADD', held_key(reason), best.score, best.member)
  redis.call('SADD', key('reasons'), reason)
  if item then
    local own = read_item(doc, step, item)
    own.state = 'held'
    write_item(doc, step, item, own)
  elseif not about(doc.plan, step).over then
    set_state(doc, step, 'held')
    tell(doc.id, best.member, 'held')
  end
end

local function bring_back(reason, member)
  redis.call('ZREM', held_key(reason), member)
  come_back(member, 'held')
end

-- Bring up to `most` of them back; returns how many, and whether that is all.
local function release_some(reason, most)
  local members = redis.call('ZRANGE', held_key(reason), 0, most - 1)
  for _, member in ipairs(members) do bring_back(reason, member) end
  if #members == most then return #members, false end
  redis.call('SREM', key('reasons'), reason)
  return #members, true
end

-- As many as there is room for; how much that is the first of them knows.
local function release_room(reason, most)
  local first = redis.call('ZRANGE', held_key(reason), 0, 0)[1]
  if not first then
    redis.call('SREM', key('reasons'), reason)
    return 0
  end
  local id, step = locate(first)
  local room = room_for(reason, open(id, step), step)
  if room == nil then room = redis.call('HEXISTS', key('paused'), reason) == 0 and most or 0 end
  return room > 0 and release_some(reason, math.min(room, most)) or 0
end

-- What comes back may end its document, and so free more.
local function release_freed()
  if not freed then return end
  for reason in pairs(freed) do
    freed[reason] = nil
    release_room(reason, MOST_FREED)
    return release_freed()
  end
end

at_the_end[#at_the_end + 1] = release_freed

-- A document that has begun waits for no beginning: what else of it was held for that comes back.
local function release_siblings(doc, begun)
  if not doc.plan.max_started then return end
  local reason = 'started:' .. doc.name
  if redis.call('EXISTS', held_key(reason)) == 0 then return end
  -- Not only its first steps: its parameters may have left those out.
  for step in string.gmatch(doc.plan.steps, '%S+') do
    local member = doc.id .. '/' .. step
    if step ~= begun and redis.call('ZSCORE', held_key(reason), member) then bring_back(reason, member) end
  end
end

-- So many jobs have left that lane: the steps that they kept back may go on.
local function release_feeders(lane, reasons, most)
  local left = {}
  for reason in string.gmatch(reasons, '%S+') do
    release_room(reason, most)
    if redis.call('EXISTS', held_key(reason)) == 1 then left[#left + 1] = reason end
  end
  if #left == 0 then redis.call('HDEL', lane_key(lane), 'feeders') else redis.call('HSET', lane_key(lane), 'feeders', table.concat(left, ' ')) end
end

-- Whoever resumed or freed something may have died on the way, or what kept jobs back may have gone in another way: the rest
-- comes back all the same. Of many reasons, each sweep looks at some.
local function release_forgotten(most)
  for _, job in ipairs(redis.call('HRANDFIELD', key('limited'), most)) do
    if not redis.call('ZSCORE', key('leases'), job) then free_limit(job) end
  end
  for _, reason in ipairs(redis.call('SRANDMEMBER', key('reasons'), most)) do
    if most > 0 then most = most - release_room(reason, most) end
  end
end
