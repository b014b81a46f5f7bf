-- What is made of a name is made once, and outlives the call; where there come to be too many names, all is made anew.
-- @include call

local function made_once(most, make)
  local made, count = {}, 0
  return function(name)
    local known = made[name]
    if known then return known end
    if count >= most then made, count = {}, 0 end
    known = make(name)
    made[name], count = known, count + 1
    return known
  end
end
