-- Lanes: where ready jobs wait, and how idle slots hear of them.
-- @include keys

local PRIORITY_WIDTH = 4398046511104 -- 2^42 places inside one priority; exact below 2^53

local function score(doc, index) return (9 - doc.priority) * PRIORITY_WIDTH + doc.place + (index or 0) end

-- At most one hint a lane; an idle process blocks on it. The set of lanes is learnt here, off the busy path.
local function hint(lane)
  if redis.call('EXISTS', wake_key(lane)) == 0 then
    redis.call('LPUSH', wake_key(lane), '1')
    redis.call('SADD', key('lanes'), lane)
  end
end

-- Put a job, or a fan-out's one entry, into its lane, at its document's place (plus an item's index).
local function enter(doc, step, lane, index)
  redis.call('ZADD', ready_key(lane), score(doc, index), doc.id .. '/' .. step)
  hint(lane)
end

local function lane_of(doc, step, override)
  return override or redis.call('HGET', plan_key(doc.pipeline), 'lane:' .. step)
end
