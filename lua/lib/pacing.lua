-- A lane's rate: so many jobs a second, `burst` at once. `paid` is until when its slots have used it up, in µs.
-- @include lane slot

-- Whole µs: what is left of a division must not keep a lane shut.
local function interval_of(rate) return math.ceil(1000000 / tonumber(rate)) end

local function paid_until(interval, burst, paid) return math.max(tonumber(paid or 0), NOW_US - tonumber(burst or 1) * interval) end

-- How many jobs the lane may give now. Where it is none, the slot is told in how many ms there will be one.
local function allowance(rate, burst, paid)
  local interval = interval_of(rate)
  local from = paid_until(interval, burst, paid)
  local allowed = math.floor((NOW_US - from) / interval)
  if allowed < 1 then
    local wait = math.ceil((from + interval - NOW_US) / 1000)
    slot.wait = math.min(slot.wait or wait, wait)
  end
  return allowed
end

-- A batch may be larger than what was allowed: then the lane rests for longer.
local function pay(lane, jobs)
  local v = redis.call('HMGET', lane_key(lane), 'rate', 'burst', 'paid')
  local interval = interval_of(v[1])
  redis.call('HSET', lane_key(lane), 'paid', string.format('%d', paid_until(interval, v[2], v[3]) + jobs * interval))
end
