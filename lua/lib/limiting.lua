-- What lets only so many jobs run, or documents be under way: a limit is judged from a set of who holds it, never from a counter.
--   limit:<name>[:<tenant, or a parameter's value>]   jobs of a step that run at once
--   started:<pipeline>                                documents of it that have begun and not ended
--   ahead:<pipeline>:<step>                           results of a step that wait in the lanes of what follows it
-- @include document lane

local function make_room(reason)
  freed = freed or {}
  freed[reason] = true
end

local function limit_of(doc, limit)
  if limit.by == '-' then return limit.name end
  if limit.by == 'tenant' then return limit.name .. ':' .. tenant_of(doc) end
  return limit.name .. ':' .. (parameter_word(doc, string.sub(limit.by, 2)) or '?')
end

-- In its own lane nothing runs ahead: there what follows comes before the same step of a later document.
local function lanes_after(doc, step)
  local lanes, own = {}, lane_of(doc, step)
  for _, follower in ipairs(followers(doc.plan, step) or {}) do
    local lane = lane_of(doc, follower.step, follower.lane)
    if lane ~= own then lanes[#lanes + 1] = lane end
  end
  return lanes
end

-- What waits in that lane, and what bounds of the steps that follow, where all documents share them, keep out of it.
local function waiting_in(doc, step, lane)
  local waiting = length_of(lane)
  for _, follower in ipairs(followers(doc.plan, step)) do
    local known = about(doc.plan, follower.step)
    local limit = known.limit and known.limit.by == '-' and 'limit:' .. known.limit.name
    local ahead = known.ahead and 'ahead:' .. doc.name .. ':' .. follower.step
    if lane_of(doc, follower.step, follower.lane) == lane then
      waiting = waiting + (limit and redis.call('ZCARD', held_key(limit)) or 0) + (ahead and redis.call('ZCARD', held_key(ahead)) or 0)
    end
  end
  return waiting
end

-- A lane that keeps a step back knows it: who takes a job from that lane looks whether the step may go on.
local function is_far_ahead(doc, step, known, reason)
  for _, lane in ipairs(lanes_after(doc, step)) do
    if waiting_in(doc, step, lane) >= known.ahead then
      local words = redis.call('HGET', lane_key(lane), 'feeders') or ''
      if not string.find(' ' .. words .. ' ', ' ' .. reason .. ' ', 1, true) then
        redis.call('HSET', lane_key(lane), 'feeders', words == '' and reason or words .. ' ' .. reason)
      end
      return true
    end
  end
end

-- The reason why a job may not run now, or nil.
local function reason_to_wait(doc, step)
  local known = about(doc.plan, step)
  if not known.bounded then return nil end
  if known.max_started and doc.status == 'queued' and redis.call('SCARD', started_key(doc.name)) >= known.max_started then
    return 'started:' .. doc.name
  end
  local ahead = known.ahead and 'ahead:' .. doc.name .. ':' .. step
  if ahead and is_far_ahead(doc, step, known, ahead) then return ahead end
  local name = known.limit and limit_of(doc, known.limit)
  return name and redis.call('SCARD', limit_key(name)) >= known.limit.most and 'limit:' .. name or nil
end

-- All the reasons for which it may be held.
local function reasons_of(doc, step)
  local known, reasons = about(doc.plan, step), { 'pipeline:' .. doc.name, 'tenant:' .. tenant_of(doc) }
  if known.max_started then reasons[#reasons + 1] = 'started:' .. doc.name end
  if known.ahead then reasons[#reasons + 1] = 'ahead:' .. doc.name .. ':' .. step end
  if known.limit then reasons[#reasons + 1] = 'limit:' .. limit_of(doc, known.limit) end
  return reasons
end

local function hold_limit(doc, job, limit)
  local name = limit_of(doc, limit)
  redis.call('SADD', limit_key(name), job)
  redis.call('HSET', key('limited'), job, name)
end

-- Whoever holds it is written down: so it can be given back when even its document is gone.
local function free_limit(job)
  local name = redis.call('HGET', key('limited'), job)
  if not name then return end
  redis.call('HDEL', key('limited'), job)
  redis.call('SREM', limit_key(name), job)
  make_room('limit:' .. name)
end

local function begin_started(doc)
  if doc.plan.max_started then redis.call('SADD', started_key(doc.name), doc.id) end
end

local function end_started(doc)
  if not doc.plan.max_started then return end
  if redis.call('SREM', started_key(doc.name), doc.id) == 1 then make_room('started:' .. doc.name) end
end

-- How many more may run that are held for this reason; the first of them knows the bound. nil: it is none of these.
local function room_for(reason, doc, step)
  local known = doc and about(doc.plan, step) or {}
  local kind, name = string.match(reason, '^(%a+):(.+)$')
  if kind == 'limit' then return known.limit and known.limit.most - redis.call('SCARD', limit_key(name)) or 1 end
  if kind == 'started' then return known.max_started and known.max_started - redis.call('SCARD', started_key(name)) or 1 end
  if kind ~= 'ahead' then return nil end
  local room = known.ahead or 1
  for _, lane in ipairs(known.ahead and lanes_after(doc, step) or {}) do
    room = math.min(room, known.ahead - waiting_in(doc, step, lane))
  end
  return room
end

-- A lane of a pipeline that has as many jobs waiting as it may, or nil.
local function full_lane(pipeline, overrides)
  local function is_full(lane)
    local most = redis.call('HGET', lane_key(lane), 'most')
    return most and length_of(lane) >= tonumber(most)
  end
  for lane in string.gmatch(planned(pipeline, 'lanes') or '', '%S+') do
    if is_full(lane) then return lane end
  end
  for lane in string.gmatch(overrides, '=(%S+)') do
    if is_full(lane) then return lane end
  end
end
