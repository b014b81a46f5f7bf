-- Counters and histograms, raised in the call of the transition that they count.
-- @include keys

local function count(field, by) redis.call('HINCRBY', key('stats'), field, by or 1) end

-- Bucket `le` of a histogram is the smallest power of two, in ms, that holds the value.
local function observe(name, ms)
  if ms < 1 then ms = 1 end
  local _, exponent = math.frexp(ms - 0.5)
  count(name .. ':' .. 2 ^ exponent)
  count(name .. ':sum', ms)
end
