-- Lanes: where ready jobs wait, and how idle slots hear of them.
-- @include document facts

local PRIORITY_WIDTH = 4398046511104 -- 2^42 places inside one priority; exact below 2^53

local function score(doc, index) return (9 - doc.priority) * PRIORITY_WIDTH + doc.place + (index or 0) end

-- At most one hint a lane; an idle process blocks on it. The set of lanes is learnt here, off the busy path.
local function hint(lane)
  if redis.call('EXISTS', wake_key(lane)) == 0 then
    redis.call('LPUSH', wake_key(lane), '1')
    redis.call('SADD', key('lanes'), lane)
  end
end

-- A job, or a fan-out's one entry, is ready, at its document's place plus an item's index. It enters its lane when the
-- call ends, unless the calling slot takes it before.
local function offer(doc, step, lane, index)
  offered[doc.id .. '/' .. step] = { doc = doc, step = step, lane = lane, score = score(doc, index) }
end

-- Out of its lane, and out of the class it may have been set aside in.
local function leave(doc, step, lane)
  local member = doc.id .. '/' .. step
  offered[member] = nil
  redis.call('ZREM', ready_key(lane), member)
  redis.call('ZREM', ready_key(lane .. ':' .. doc.pipeline), member)
end

local function enter_offered()
  for member, job in pairs(offered) do
    redis.call('ZADD', ready_key(job.lane), job.score, member)
    tell(job.doc.id, member, 'ready')
    hint(job.lane)
  end
end

-- The end of every call that changed something.
local function flush()
  save()
  enter_offered()
  publish()
end
